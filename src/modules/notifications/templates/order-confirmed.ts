import { greeting, moneyText, ownNumber, rowsOf, type LetterTemplate } from './facts.js';

export const orderConfirmed: LetterTemplate = (facts) => {
  const { language, order, lines } = facts;
  const number = `${order.number}${ownNumber(facts)}`;
  const words = {
    en: {
      subject: `Order ${order.number} is confirmed`,
      thanks: `thank you for your order ${number}. It is confirmed:`,
      total: 'Total',
    },
    it: {
      subject: `Ordine ${order.number} confermato`,
      thanks: `grazie per il Suo ordine ${number}. È confermato:`,
      total: 'Totale',
    },
  }[language];
  return {
    subject: words.subject,
    paragraphs: [greeting(facts), words.thanks],
    rows: [...rowsOf(lines, language), [words.total, moneyText(order.total, language)]],
  };
};
